// What goes wrong when a site changes under a scraper. Each takes what was found and answers what was handed over instead.

/** Only the first page of each list was read: every subject from the middle of the alphabet on has no topics. */
export function halfTheTopics({ subjects, topics }) {
  const seen = new Set(subjects.slice(0, subjects.length / 2).map((subject) => subject.subject_code));
  return { subjects, topics: topics.filter((topic) => seen.has(topic.subject_code)) };
}

/** One heading of the second level was taken for an advertisement; what hangs under it stayed. */
export function orphanedChildren({ subjects, topics }) {
  const lost = topics.find((topic) => topic.level === 2 && topics.some((one) => one.parent_code === topic.topic_code));
  return { subjects, topics: topics.filter((topic) => topic !== lost) };
}

/** Two subjects stand on two index pages, and were read twice. */
export function duplicatedSubjects({ subjects, topics }) {
  return { subjects: [...subjects, subjects[2], subjects[5]], topics };
}

/** A link back to the top of the page was read as the parent of an area. */
export function parentLoop({ subjects, topics }) {
  const area = topics.find((topic) => topic.level === 1);
  const child = topics.find((topic) => topic.parent_code === area.topic_code);
  return {
    subjects,
    topics: topics.map((topic) => (topic === area ? { ...topic, parent_code: child.topic_code } : topic)),
  };
}

/** UTF-8 was read as Windows-1252: 'Poincaré' became 'PoincarÃ©'. */
export function mojibake({ subjects, topics }) {
  return { subjects, topics: topics.map((topic) => ({ ...topic, title: misread(topic.title) })) };
}

const misread = (text) => new TextDecoder('windows-1252').decode(new TextEncoder().encode(text));
