-- title: Benefit payments by region and benefit
-- grain: region_code, benefit
-- mode: period
-- period: month
-- reads: core.payments, core.regions
-- check positive_total: total_amount > 0
-- check average_fits: abs(average_amount * payments - total_amount) <= payments
SELECT
  p.region_code,
  r.name AS region,
  p.benefit,
  p.programme,
  count(*) AS payments,
  count(DISTINCT p.citizen_id) AS recipients,
  CAST(sum(p.amount) AS DECIMAL(18, 2)) AS total_amount,
  CAST(avg(p.amount) AS DECIMAL(18, 2)) AS average_amount
FROM core.payments AS p
JOIN core.regions AS r ON r.code = p.region_code
WHERE p._data_period = :period
GROUP BY p.region_code, r.name, p.benefit, p.programme
ORDER BY p.region_code, p.benefit
