import { ArrayMaxSize, IsArray, ValidateBy } from 'class-validator';
import type { Fault } from '../schemas/problem.schema.ts';
import { codePointsOf, isVisible } from '../text.ts';

const LONGEST_TITLE = 200;
const TITLE = {
  name: 'title',
  validator: {
    validate: (value: unknown) => typeof value === 'string' && isVisible(value) && codePointsOf(value) <= LONGEST_TITLE,
    defaultMessage: () => `must be 1 to ${LONGEST_TITLE} characters, not all of them invisible`,
  },
};

/** The body of `PUT /v1/pages/{slug}`. */
export class PageBody {
  @ValidateBy(TITLE) title!: string;
  /** The vouchers in the order in which the page shows them. Each occurs once. */
  @ArrayMaxSize(1_000) @IsArray() voucherIds!: string[];

  /** The faults of single items. A decorator could only name the whole list. */
  static faults({ voucherIds }: { voucherIds?: unknown }): Fault[] {
    if (!Array.isArray(voucherIds)) return [];
    const seen = new Set<string>();
    return voucherIds.flatMap((id: unknown, index): Fault[] => {
      const pointer = `/voucherIds/${index}`;
      if (typeof id !== 'string') return [{ pointer, message: 'must be a string' }];
      const twice = seen.has(id.toLowerCase());
      seen.add(id.toLowerCase());
      return twice ? [{ pointer, message: 'is there twice' }] : [];
    });
  }
}
