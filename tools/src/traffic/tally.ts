// Compares the answers that clients got for a voucher with the ledger's counts.

/** The answers of one voucher. Claims and redemptions are kept by id, so a repeated answer counts once. */
export interface Tally {
  readonly voucherId: string;
  /** Number of units. Null: no limit. */
  readonly units: number | null;
  readonly claims: Set<string>;
  readonly redemptions: Set<string>;
  soldOut: number;
}

/** The ledger's counts of one voucher, and whether its proof holds. */
export interface Count {
  readonly voucherId: string;
  readonly claimed: number;
  readonly redeemed: number;
  readonly soldOut: number;
  readonly holds: boolean;
}

/** One line per count that differs from the answers. */
export function differencesOf(tallies: readonly Tally[], counts: readonly Count[]): string[] {
  return tallies.flatMap(({ voucherId, units, claims, redemptions, soldOut }) => {
    const count = counts.find((one) => one.voucherId === voucherId);
    if (!count) return [`${voucherId}: not counted at all`];
    const pairs = [
      ['claimed', count.claimed, claims.size],
      ['redeemed', count.redeemed, redemptions.size],
      ['refused as sold out', count.soldOut, soldOut],
    ] as const;
    const wrong = pairs
      .filter(([, counted, answered]) => counted !== answered)
      .map(([what, counted, answered]) => `${what} ${counted}, answered ${answered}`);
    if (units !== null && count.claimed > units) wrong.push(`${count.claimed} claims of ${units} units`);
    if (!count.holds) wrong.push('its proof does not hold');
    return wrong.length > 0 ? [`${voucherId}: ${wrong.join('; ')}`] : [];
  });
}
