-- title: Active citizens by region and age band, as of the month
-- grain: region_code, age_band
-- mode: period
-- period: month
-- reads: core.citizens, core.regions
-- check nobody_unborn: youngest >= 0
-- check has_people: citizens > 0
WITH
  month AS (SELECT CAST(CAST(:period AS VARCHAR) || '-01' AS DATE) AS first_day),
  people AS (
    SELECT
      c.region_code,
      c.income,
      CAST(
        floor(
          (
            (EXTRACT(YEAR FROM m.first_day) - EXTRACT(YEAR FROM c.birth_date)) * 12
            + EXTRACT(MONTH FROM m.first_day) - EXTRACT(MONTH FROM c.birth_date)
          ) / 12.0
        ) AS INTEGER
      ) AS age
    FROM core.citizens AS c
    CROSS JOIN month AS m
    WHERE c.is_active
  )
SELECT
  p.region_code,
  r.name AS region,
  CASE WHEN p.age < 18 THEN '00-17' WHEN p.age < 40 THEN '18-39' WHEN p.age < 65 THEN '40-64' ELSE '65+' END
    AS age_band,
  count(*) AS citizens,
  min(p.age) AS youngest,
  count(p.income) AS incomes_known,
  CAST(avg(p.income) AS DECIMAL(14, 2)) AS average_income
FROM people AS p
JOIN core.regions AS r ON r.code = p.region_code
GROUP BY 1, 2, 3
ORDER BY 1, 3
