-- title: Benefit payments, with the programme each benefit belongs to
-- The source of core.payments. A model passes _file_id and _source_row on, so that every row can be traced to its cell.
SELECT
  payment_id,
  citizen_id,
  region_code,
  benefit,
  CASE benefit
    WHEN 'pension' THEN 'old age'
    WHEN 'unemployment' THEN 'work'
    ELSE 'family and housing'
  END AS programme,
  amount,
  paid_on,
  _file_id,
  _source_row
FROM stage.payments
WHERE _data_period = :period
