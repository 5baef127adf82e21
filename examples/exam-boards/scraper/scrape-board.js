import { seeded } from '../../../scripts/examples/random.js';
import { areaTitle, SUBJECTS, topicTitle } from './catalogue.js';

const SUBJECTS_OF_A_SLICE = 18;

/**
 * What a scraper finds on one board's site for one qualification: its subjects, and the topics of each as a tree of three
 * to six levels. The same board and qualification always give the same; a later month grows out of the one before.
 */
export function scrapeBoard({ board, prefix }, qualification, month) {
  const random = seeded(hash(`${board}/${qualification}`));
  const names = pickSome(random, SUBJECTS, SUBJECTS_OF_A_SLICE);
  const subjects = names.map((title, i) => ({
    subject_code: `${prefix}${100 + i * 7 + (qualification === 'alevel' || qualification === 'higher' ? 500 : 0)}`,
    title,
    spec_version: '1.0',
    start_year: 2015 + random.whole(0, 3),
    end_year: null,
  }));
  const topics = subjects.flatMap((subject) => topicTree(random, subject));
  const found = { subjects, topics };
  for (let each = 1; each <= month; each++) nextMonth(seeded(hash(`${board}/${qualification}/${each}`)), found);
  return found;
}

/** Three to five areas; the shape of everything below is drawn, so that leaves lie on levels three to six. */
function topicTree(random, { subject_code, spec_version }) {
  const topics = [];
  const grow = (path, level, deepest) => {
    const title = level === 1 ? areaTitle(random, path[0] - 1) : topicTitle(random);
    topics.push(topicOf({ subject_code, spec_version }, path, level, title));
    if (level === deepest) return;
    const children = level === 1 ? random.whole(3, 4) : level === 2 ? random.whole(3, 5) : random.whole(1, 2);
    for (let i = 1; i <= children; i++) grow([...path, i], level + 1, level < 3 ? deepest : random.whole(level + 1, deepest));
  };
  const areas = random.whole(3, 5);
  for (let i = 1; i <= areas; i++) grow([i], 1, random.weighted([3, 4, 5, 6], [0.55, 0.3, 0.1, 0.05]));
  return topics;
}

function topicOf({ subject_code, spec_version }, path, level, title) {
  const code = (parts) => `${subject_code}-${parts.join('.')}`;
  return {
    subject_code,
    spec_version,
    topic_code: code(path),
    parent_code: path.length === 1 ? null : code(path.slice(0, -1)),
    level,
    title,
  };
}

/** Boards reword a topic here and there, and add one to an area. */
function nextMonth(random, found) {
  for (const topic of found.topics) if (topic.level > 1 && random.chance(0.01)) topic.title = topicTitle(random);
  const parents = found.topics.filter((topic) => topic.level === 2);
  for (let i = 0; i < 5; i++) {
    const parent = random.pick(parents);
    const siblings = found.topics.filter((topic) => topic.parent_code === parent.topic_code);
    const path = parent.topic_code.slice(parent.subject_code.length + 1).split('.');
    found.topics.push(topicOf(parent, [...path, siblings.length + 1], 3, topicTitle(random)));
  }
}

/** A board replaces a specification: the old one has an end, the new one a tree of its own and a first year. */
export function refreshSpecification(found, subjectCode, { startYear, endYear, seed }) {
  const old = found.subjects.find((subject) => subject.subject_code === subjectCode);
  const renewed = { ...old, spec_version: '2.0', start_year: startYear, end_year: null };
  old.end_year = endYear;
  found.subjects.push(renewed);
  const others = found.topics.filter((topic) => topic.subject_code !== subjectCode);
  found.topics = [...others, ...topicTree(seeded(seed), renewed)];
  return found;
}

function pickSome(random, list, count) {
  const left = [...list];
  const picked = [];
  while (picked.length < count) picked.push(...left.splice(random.whole(0, left.length - 1), 1));
  return picked.sort();
}

/** FNV-1a. */
export function hash(text) {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0), 0x01000193) >>> 0;
  return value;
}
