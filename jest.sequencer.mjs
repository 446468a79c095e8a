// The order of the specs: those that run the whole platform first, so that no long one is left for the end, when one
// worker has nothing to do. A fresh clone does not know yet how long each takes.
import Sequencer from '@jest/test-sequencer';

const KINDS = [/\.e2e\.spec\.ts$/, /\.browser\.spec\.ts$/, /\.int\.spec\.ts$/];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const kinds = Map.groupBy(super.sort(tests), ({ path }) => KINDS.findIndex((kind) => kind.test(path)));
    return [...KINDS.keys(), -1].flatMap((kind) => kinds.get(kind) ?? []);
  }
}
