// What passes the proxies, told by its bytes: no service needs to say where it stands.

/** A batch on its way to Postgres: the prepared statement `append` is bound. It is the whole transaction. */
export const append = (bytes: Buffer): boolean => bytes.includes('\0append\0');
/** Such a batch that writes no event, but for moving the cursor. */
export function eventless(bytes: Buffer): boolean {
  const at = bytes.indexOf('\0append\0');
  return at >= 0 && isEmptyArray(parameters(bytes, at + '\0append\0'.length)[FIRST_ARRAY]);
}
/** A batch of the read model, as `append`. */
export const projection = (bytes: Buffer): boolean => bytes.includes('\0write\0');

/** Behind partition, cursor from and to, the time and the epoch: the events' types. */
const FIRST_ARRAY = 7;

/** Of a Bind message, from behind its statement's name: `formats[int16] values[int32 length, bytes]`, counted by int16. */
function parameters(bytes: Buffer, from: number): Buffer[] {
  const values: Buffer[] = [];
  let at = from + 2 + 2 * bytes.readInt16BE(from);
  const count = bytes.readInt16BE(at);
  at += 2;
  for (let index = 0; index < count && at + 4 <= bytes.length && index <= FIRST_ARRAY; index += 1) {
    const length = Math.max(0, bytes.readInt32BE(at));
    values.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return values;
}

/** An array in Postgres's binary format begins with its number of dimensions; an empty one has none. */
const isEmptyArray = (array: Buffer | undefined): boolean =>
  array !== undefined && array.length >= 4 && array.readInt32BE(0) === 0;

const [PRODUCE, OFFSET_COMMIT] = [0, 8];
const apiKey = (bytes: Buffer): number => (bytes.length > 6 ? bytes.readInt16BE(4) : -1);

/** Records on their way to that topic of Kafka. */
export const produceTo =
  (topic: string) =>
  (bytes: Buffer): boolean =>
    apiKey(bytes) === PRODUCE && bytes.includes(topic);
/** A consumer tells Kafka how far it came. */
export const offsetCommit = (bytes: Buffer): boolean => apiKey(bytes) === OFFSET_COMMIT;
