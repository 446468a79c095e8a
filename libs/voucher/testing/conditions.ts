// Judges the few conditions that histories use by patterns, without a CEL library. As in CEL, an operand that decides
// `&&` or `||` alone wins over an error. A missing attribute is an error, and an error of the whole condition is false.

/** The variables of a condition. A variable that its node does not have is absent. */
export interface Sight {
  now: number;
  voucher: { id: string; version: number; name: string; resourceType: string; labels: Record<string, string> };
  counters: Record<string, unknown>;
  user?: Record<string, unknown>;
  page?: { slug: string };
  order?: Record<string, unknown>;
  claim?: { heldAt: number; uses: number };
}

const ERROR = Symbol('error');
/** It depends on a value that was not kept. */
const UNKNOWN = Symbol('unknown');
type Truth = boolean | typeof ERROR | typeof UNKNOWN;

/** Stands in a simulation for a value that was not kept. */
export const UNKEPT = '\u0000not kept';

const undecided = (a: Truth, b: Truth): Truth =>
  a === UNKNOWN || b === UNKNOWN ? UNKNOWN : a === ERROR || b === ERROR ? ERROR : a;
const and = (a: Truth, b: Truth): Truth => (a === false || b === false ? false : undecided(a, b));
const or = (a: Truth, b: Truth): Truth => (a === true || b === true ? true : undecided(a, b));
const not = (a: Truth): Truth => (typeof a === 'boolean' ? !a : a);

/** The value of `a.b.c`, or ERROR if a part is missing. */
function find(sight: Sight, path: string): unknown {
  let found: unknown = sight;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return ERROR;
    found = (found as Record<string, unknown>)[name];
  }
  return found === undefined ? ERROR : found === UNKEPT ? UNKNOWN : found;
}

function compare(found: unknown, operator: string, wanted: string): Truth {
  if (found === UNKNOWN) return UNKNOWN;
  if (wanted.startsWith("'")) {
    if (typeof found !== 'string') return ERROR;
    const same = found === wanted.slice(1, -1);
    return operator === '==' ? same : !same;
  }
  if (typeof found !== 'number') return ERROR;
  const bound = Number(wanted);
  switch (operator) {
    case '>=':
      return found >= bound;
    case '>':
      return found > bound;
    case '<':
      return found < bound;
    default:
      return operator === '==' ? found === bound : found !== bound;
  }
}

/** The meaning of each kind of atom. */
const ATOMS: [RegExp, (parts: string[], sight: Sight) => Truth][] = [
  [/^(true|false)$/, ([word]) => word === 'true'],
  [
    /^([\w.]+) in \[(.*)\]$/,
    ([path, list], sight) => {
      const found = find(sight, path!);
      return found === ERROR || found === UNKNOWN ? found : list!.split(', ').includes(`'${String(found)}'`);
    },
  ],
  [
    /^now (>=|<) timestamp\("(.*)"\)$/,
    ([operator, at], sight) => compare(sight.now, operator!, String(Date.parse(at!))),
  ],
  [
    /^now - claim\.heldAt (>=|<) duration\("(\d+)s"\)$/,
    ([operator, seconds], sight) => compare(sight.now - sight.claim!.heldAt, operator!, String(Number(seconds) * 1000)),
  ],
  [
    /^has\(([\w.]+)\)$/,
    ([path], sight) => {
      const found = find(sight, path!);
      return found === UNKNOWN ? UNKNOWN : found !== ERROR;
    },
  ],
  [
    /^order\.items\.exists\(i, i\.sku == '(.*)'\)$/,
    ([sku], sight) => {
      const items = find(sight, 'order.items');
      return Array.isArray(items) ? items.some((item: { sku: string }) => item.sku === sku) : ERROR;
    },
  ],
  [
    /^([\w.]+) (>=|>|<|==|!=) ('.*'|[\d.]+)$/,
    ([path, operator, wanted], sight) => compare(find(sight, path!), operator!, wanted!),
  ],
  [
    /^(order\.matchesGoods|user\.\w+)$/,
    ([path], sight) => {
      const found = find(sight, path!);
      return typeof found === 'boolean' || found === UNKNOWN ? found : ERROR;
    },
  ],
];

function judge(when: string, sight: Sight): Truth {
  const alternatives = when.split(' || ');
  if (alternatives.length > 1) return alternatives.map((part) => judge(part, sight)).reduce(or);
  const parts = when.split(' && ');
  if (parts.length > 1) return parts.map((part) => judge(part, sight)).reduce(and);
  const negated = /^!\((.*)\)$/.exec(when);
  if (negated) return not(judge(negated[1]!, sight));
  for (const [pattern, meaning] of ATOMS) {
    const parts = pattern.exec(when);
    if (parts) return meaning(parts.slice(1), sight);
  }
  throw new Error(`the model does not know the condition ${when}`);
}

/** A rank: a whole number from -1000 to 1000. What gives no number is 0. */
export function rankOf(text: string, sight: Sight): number {
  const choice = /^(.*) \? (-?[\d.]+) : (-?[\d.]+)$/.exec(text);
  let given: unknown = /^-?[\d.]+$/.test(text) ? Number(text) : choice ? undefined : find(sight, text);
  if (choice) {
    const truth = judge(choice[1]!, sight);
    given = typeof truth === 'boolean' ? Number(truth ? choice[2] : choice[3]) : truth;
  }
  if (typeof given !== 'number') return 0;
  const floor = Math.floor(given);
  return floor < -1000 ? -1000 : floor > 1000 ? 1000 : floor;
}

/** Whether the condition holds. An error is false. */
export function holds(when: string, sight: Sight): boolean {
  return judge(when, sight) === true;
}

/** Whether the condition, or the choice of a rank, depends on a value that was not kept. */
export function dependsOnUnkept(text: string, sight: Sight): boolean {
  const choice = /^(.*) \? -?[\d.]+ : -?[\d.]+$/.exec(text);
  if (/^user\.\w+$/.test(text)) return find(sight, text) === UNKNOWN;
  return !/^-?[\d.]+$|^counters\.\w+$/.test(text) && judge(choice ? choice[1]! : text, sight) === UNKNOWN;
}

/** The user attributes that a condition names, without `user.id`. */
export function attributesIn(when: string): string[] {
  const names = [...when.matchAll(/\buser\.(\w+)/g)].map((match) => match[1]!);
  return [...new Set(names)].filter((name) => name !== 'id').sort();
}
