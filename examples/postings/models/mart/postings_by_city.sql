-- title: Postings by city
-- grain: location
-- mode: full
-- reads: core.postings
-- How many postings each city has, and what is paid there on average.
SELECT location, count(*) AS postings, round(avg(salary), 2) AS average_salary
FROM core.postings_live
GROUP BY location
