// CEL functions that a condition may call, each bounded by the size of what it is given.

/** The answer is as long as what it is called on. */
const TEXT = [
  'lowerAscii',
  'upperAscii',
  'trim',
  'substring',
  'string',
  'join',
  'dyn',
  'type',
  'bool',
  'int',
  'double',
];
const SEARCH = ['size', 'startsWith', 'endsWith', 'contains', 'indexOf', 'lastIndexOf', 'split'];
const TIME = ['timestamp', 'duration'];

/** Each takes a time zone, and then costs as much as some hundred steps. */
export const CALENDAR = new Set([
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getFullYear',
  'getHours',
  'getMilliseconds',
  'getMinutes',
  'getMonth',
  'getSeconds',
]);

export const FUNCTIONS = new Set(['has', ...TEXT, ...SEARCH, ...TIME, ...CALENDAR]);
