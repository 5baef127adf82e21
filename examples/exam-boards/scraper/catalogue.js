// What the seven boards offer. Invented: codes, subjects and topics follow the look of real ones and are none of them.
export const BOARDS = [
  { board: 'aqa', qualifications: ['gcse', 'alevel'], prefix: '8' },
  { board: 'ccea', qualifications: ['gcse', 'alevel'], prefix: '1' },
  { board: 'edexcel', qualifications: ['gcse', 'alevel'], prefix: '9' },
  { board: 'eduqas', qualifications: ['gcse', 'alevel'], prefix: 'C' },
  { board: 'ocr', qualifications: ['gcse', 'alevel'], prefix: 'J' },
  { board: 'sqa', qualifications: ['national5', 'higher'], prefix: 'X' },
  { board: 'wjec', qualifications: ['gcse', 'alevel'], prefix: '3' },
];

export const SUBJECTS = [
  'Art and Design', 'Biology', 'Business', 'Chemistry', 'Citizenship', 'Classical Civilisation', 'Computer Science',
  'Dance', 'Design and Technology', 'Drama', 'Economics', 'English Language', 'English Literature', 'Film Studies',
  'Food and Nutrition', 'French', 'Further Mathematics', 'Geography', 'Geology', 'German', 'History', 'Latin', 'Law',
  'Mathematics', 'Media Studies', 'Music', 'Philosophy', 'Physical Education', 'Physics', 'Politics', 'Psychology',
  'Religious Studies', 'Sociology', 'Spanish', 'Statistics', 'Welsh Second Language',
];

const AREAS = [
  'Foundations', 'Methods and techniques', 'Theory in context', 'Sources and evidence', 'Structures and systems',
  'Change over time', 'Practical work', 'Analysis and evaluation', 'Communication', 'Extended study',
];

const THINGS = [
  'Poincaré and his critics', 'the café society of fin-de-siècle Paris', 'Brontë’s narrators', 'Gödel – an introduction',
  'conservation laws', 'supply and demand', 'the water cycle', 'plate boundaries', 'rates of reaction', 'cell division',
  'sampling', 'quadratic functions', 'proof by contradiction', 'forces at rest', 'electric fields', 'the carbon cycle',
  'rhetoric', 'soliloquy', 'montage', 'counterpoint', 'iambic verse', 'the subjunctive', 'word order', 'loan words',
  'the electorate', 'separation of powers', 'attachment', 'memory', 'stratification', 'ethics of care', 'market failure',
  'cash flow', 'sorting algorithms', 'binary arithmetic', 'loops and recursion', 'joints in timber', 'vitamins',
  'lighting a stage', 'motif and development', 'training zones',
];

const WAYS = ['Introducing', 'Comparing', 'Measuring', 'Explaining', 'Applying', 'Interpreting', 'Modelling', 'Evaluating'];

export const areaTitle = (random, index) => AREAS[index % AREAS.length] ?? random.pick(AREAS);
export const topicTitle = (random) => `${random.pick(WAYS)} ${random.pick(THINGS)}`;
