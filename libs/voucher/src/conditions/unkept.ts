// Marks for values that history did not keep. Simulations put them in the place of the values.
import type { FactValue } from '@vouchers/contracts';

/** Stands for a value that was not kept. Reading it is an evaluation error, also for `has`. */
export class Unkept {
  /** As conditions name it: `user.city`. */
  readonly name: string;
  /** A condition read it and could not be evaluated. */
  needed = false;
  /** A rank read it and could not be evaluated, so it is 0. */
  ranked = false;

  constructor(name: string) {
    this.name = name;
  }

  /** The form in which a claim of a simulation is stored. */
  toJSON(): { unkept: string } {
    return { unkept: this.name };
  }

  /** The mark in the place of an attribute. Facts are JSON otherwise. */
  get asFact(): FactValue {
    return this as unknown as FactValue;
  }

  /** The mark in the place of a boolean. */
  get asFlag(): boolean {
    return this as unknown as boolean;
  }
}

/** Collects the marks that one evaluation reads. */
export type OnUnkept = (mark: Unkept) => never;
