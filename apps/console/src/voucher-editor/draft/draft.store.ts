// The draft of a voucher that is being edited: its spec, its faults and the version where the edit began. Fields
// subscribe to their parts.
import type { Fault, VoucherSpec } from '@vouchers/contracts';
import { changesBetween, type Change } from './changes.ts';
import { isWithin, valueAt, withValueAt } from './pointer.ts';

/** The version where an edit begins. A new voucher has no tag yet. */
export interface Origin {
  base: VoucherSpec;
  version: number;
  /** ETag of `base`, for If-Match. */
  tag: string | undefined;
}

export class Draft {
  #origin: Origin;
  #spec: VoucherSpec;
  #changes: readonly Change[] | undefined;
  #faults: readonly Fault[] = [];
  #unread = new Map<string, Fault>();
  #listeners = new Set<() => void>();

  constructor(origin: Origin, spec: VoucherSpec = origin.base) {
    this.#origin = origin;
    this.#spec = spec;
  }

  get origin(): Origin {
    return this.#origin;
  }
  get spec(): VoucherSpec {
    return this.#spec;
  }
  /** Returns the same list until something changes. */
  get changes(): readonly Change[] {
    return (this.#changes ??= changesBetween(this.#origin.base, this.#spec));
  }
  /** The faults that a service found. */
  get faults(): readonly Fault[] {
    return this.#faults;
  }
  /** The pointer of a field whose input is not a value. The spec still has the field's last value. */
  get unread(): string | undefined {
    return this.#unread.keys().next().value;
  }

  set(pointer: string, value: unknown): void {
    if (Object.is(valueAt(this.#spec, pointer), value) && !this.#unread.has(pointer)) return;
    this.#unread.delete(pointer);
    this.#faults = this.#faults.filter((fault) => !isWithin(fault.pointer, pointer));
    this.#become(withValueAt(this.#spec, pointer, value));
  }

  /** Marks the input of a field as invalid, with its fault; undefined: it is valid again. */
  setUnread(pointer: string, fault: Fault | undefined): void {
    if (fault === undefined && !this.#unread.has(pointer)) return;
    if (fault === undefined) this.#unread.delete(pointer);
    else this.#unread.set(pointer, fault);
    this.#tell();
  }

  setFaults(faults: readonly Fault[]): void {
    this.#faults = faults;
    this.#tell();
  }

  /** The fault of a field, or of a part of it. */
  faultAt(pointer: string): Fault | undefined {
    return this.#unread.get(pointer) ?? this.#faults.find((fault) => isWithin(fault.pointer, pointer));
  }

  /** Bases the draft on another version: after somebody else saved, or to discard the edits. */
  rebase(origin: Origin, spec: VoucherSpec = origin.base): void {
    this.#origin = origin;
    this.#faults = [];
    this.#unread.clear();
    this.#become(spec);
  }

  discard(): void {
    this.rebase(this.#origin);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #become(spec: VoucherSpec): void {
    this.#spec = spec;
    this.#changes = undefined;
    this.#tell();
  }
  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
