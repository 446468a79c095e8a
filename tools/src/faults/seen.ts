// Recognises messages by their bytes in the proxies. So the services need not report where they are.

/** A batch on its way to Postgres: the prepared statement `append` is bound, which is the whole transaction. */
export const append = (bytes: Buffer): boolean => bytes.includes('\0append\0');
/** A batch that only moves the cursor and writes no event. */
export function eventless(bytes: Buffer): boolean {
  const at = bytes.indexOf('\0append\0');
  return at >= 0 && isEmptyArray(parameters(bytes, at + '\0append\0'.length)[FIRST_ARRAY]);
}
/** A batch of the read model, recognised like `append`. */
export const projection = (bytes: Buffer): boolean => bytes.includes('\0write\0');

/** The parameter with the events' types. Before it: partition, cursor from and to, time, epoch, hashes. */
const FIRST_ARRAY = 8;

/** Parameters of a Bind message: `formats[int16] values[int32 length, bytes]`, with int16 counts. */
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

/** A Postgres array in binary format begins with its number of dimensions, which is 0 if it is empty. */
const isEmptyArray = (array: Buffer | undefined): boolean =>
  array !== undefined && array.length >= 4 && array.readInt32BE(0) === 0;

const [PRODUCE, OFFSET_COMMIT] = [0, 8];
const apiKey = (bytes: Buffer): number => (bytes.length > 6 ? bytes.readInt16BE(4) : -1);

/** Records on their way to this topic of Kafka. */
export const produceTo =
  (topic: string) =>
  (bytes: Buffer): boolean =>
    apiKey(bytes) === PRODUCE && bytes.includes(topic);
/** A consumer's commit of its offsets to Kafka. */
export const offsetCommit = (bytes: Buffer): boolean => apiKey(bytes) === OFFSET_COMMIT;
