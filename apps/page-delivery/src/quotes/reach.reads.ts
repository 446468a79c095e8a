// Tells which lines of an order the benefits of vouchers reach.
import { Injectable } from '@nestjs/common';
import type { Line } from '@vouchers/pricing';
import type { Slices } from '@vouchers/service';
import { Definitions } from '../read-model/definitions.ts';

@Injectable()
export class ReachReads {
  constructor(private readonly definitions: Definitions) {}

  /** By voucher whose benefit reaches only its goods: the places of the lines that are among them. */
  async of(voucherIds: readonly string[], lines: readonly Line[], slices?: Slices): Promise<Map<string, number[]>> {
    const reach = new Map<string, number[]>();
    for (const [id, skus] of await this.definitions.reachedGoods(voucherIds)) {
      reach.set(
        id,
        lines.flatMap(({ sku }, place) => (sku !== undefined && skus.has(sku) ? [place] : [])),
      );
      if (slices?.over) await slices.giveWay();
    }
    return reach;
  }
}
