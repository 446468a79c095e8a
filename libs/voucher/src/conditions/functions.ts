// The CEL functions that a condition may call. The cost of each is limited by the size of its arguments.

/** Functions whose result is at most as long as the value that they are called on. */
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

/** Each accepts a time zone and then costs some hundred steps. */
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
