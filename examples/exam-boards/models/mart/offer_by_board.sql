-- title: What each board offers, of what is live
-- grain: exam_board, qualification
-- mode: full
-- reads: core.subjects, core.topics
-- check trees_are_deep: deepest between 3 and 6
-- check subjects_have_topics: topics_per_subject >= 20
WITH
  open_subjects AS (
    SELECT exam_board, qualification, count(*) AS subjects, count(end_year) AS ending
    FROM core.subjects_live
    WHERE _closed_period IS NULL
    GROUP BY exam_board, qualification
  ),
  open_topics AS (
    SELECT exam_board, qualification, count(*) AS topics, count(DISTINCT subject_code) AS covered, max(level) AS deepest
    FROM core.topics_live
    WHERE _closed_period IS NULL
    GROUP BY exam_board, qualification
  )
SELECT
  s.exam_board,
  s.qualification,
  s.subjects,
  s.ending,
  t.covered AS subjects_with_topics,
  t.topics,
  t.topics / t.covered AS topics_per_subject,
  t.deepest
FROM open_subjects AS s
JOIN open_topics AS t ON t.exam_board = s.exam_board AND t.qualification = s.qualification
ORDER BY s.exam_board, s.qualification
