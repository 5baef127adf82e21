-- title: Citizens as the newest delivery knows them
-- The source of core.citizens. The extract date belongs to the delivery, not to the person: with it every row would
-- change every month, and neither history nor guards could tell who really moved.
SELECT
  citizen_id,
  full_name,
  national_id,
  birth_date,
  region_code,
  marital_status,
  income,
  is_active,
  _file_id,
  _source_row
FROM stage.citizens
WHERE _data_period = :period
