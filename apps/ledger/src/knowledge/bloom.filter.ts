// A Bloom filter with 24 bits per key and about one false positive in 40,000. False positives must be that rare,
// because each makes a whole batch wait for a look-up. The filter grows by adding larger layers.

const BITS_A_KEY = 24;
const PROBES = 10;
const FIRST_CAPACITY = 1 << 14;

interface Layer {
  bits: Uint32Array;
  size: number;
  capacity: number;
  left: number;
}

/** The bytes of a filter for this many keys. */
export const bytesOfFilter = (keys: number): number => (Math.max(keys, FIRST_CAPACITY) * BITS_A_KEY) / 8;

export class BloomFilter {
  private readonly layers: Layer[] = [];

  constructor(expected = FIRST_CAPACITY) {
    this.layers.push(layer(Math.max(expected, FIRST_CAPACITY)));
  }

  add(key: string): void {
    let last = this.layers.at(-1)!;
    if (last.left === 0) this.layers.push((last = layer(last.capacity * 2)));
    last.left -= 1;
    probe(key, last, (word, mask, bits) => {
      bits[word]! |= mask;
      return true;
    });
  }

  mayHave(key: string): boolean {
    return this.layers.some((one) => probe(key, one, (word, mask, bits) => (bits[word]! & mask) !== 0));
  }

  get bytes(): number {
    return this.layers.reduce((sum, { bits }) => sum + bits.byteLength, 0);
  }
}

function layer(capacity: number): Layer {
  const words = Math.ceil((capacity * BITS_A_KEY) / 32);
  return { bits: new Uint32Array(words), size: words * 32, capacity, left: capacity };
}

/**
 * Visits a key's bits until `visit` returns false. Double hashing (Kirsch and Mitzenmacher, 2006) makes all probes from
 * two FNV-1a hashes.
 */
function probe(
  key: string,
  { bits, size }: Layer,
  visit: (word: number, mask: number, bits: Uint32Array) => boolean,
): boolean {
  let one = 0x811c9dc5;
  let two = 0x9747b28c;
  for (let index = 0; index < key.length; index += 1) {
    const unit = key.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ unit, 0x5bd1e995) ^ (two >>> 15);
  }
  one = (one ^ (one >>> 16)) >>> 0;
  two = ((two ^ (two >>> 13)) | 1) >>> 0;
  for (let round = 0; round < PROBES; round += 1) {
    const bit = (one + round * two) % size;
    if (!visit(bit >>> 5, 1 << (bit & 31), bits)) return false;
  }
  return true;
}
