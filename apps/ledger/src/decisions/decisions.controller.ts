import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  GRANTED_TYPES,
  REFUSED_TYPES,
  UUID,
  type Claim,
  type DecisionTrace,
  type EventData,
  type Redemption,
  type SubmissionKind,
} from '@vouchers/contracts';
import {
  CLAIM,
  COUNT,
  DECISION_TRACE_FIELDS,
  ID,
  maybe,
  named,
  record,
  REDEMPTION,
  text,
  whole,
} from '@vouchers/contracts/schemas';
import { Answers, notFound, Refuses, Scopes } from '@vouchers/service';
import { claimShown, redemptionShown } from '@vouchers/voucher';
import { knownClaim, redemptionRecord } from '../knowledge/projection.rows.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';

/** The decision with where it stands, who asked, and what it was about: claim and redemption as they are now. */
export interface DecisionAnswer extends DecisionTrace {
  partition: number;
  seq: number;
  /** The last event that followed from it. */
  lastSeq: number;
  asker?: string;
  bodyHash?: string;
  userId?: string;
  claimId?: string;
  redemptionId?: string;
  claim?: Claim;
  redemption?: Redemption;
}

const DECISION = named(
  'Decision',
  record<DecisionAnswer>({
    ...DECISION_TRACE_FIELDS,
    partition: COUNT,
    seq: whole(1),
    lastSeq: whole(1),
    asker: maybe(text()),
    bodyHash: maybe(text()),
    userId: maybe(text()),
    claimId: maybe(ID),
    redemptionId: maybe(ID),
    claim: maybe(CLAIM),
    redemption: maybe(REDEMPTION),
  }),
);

const KINDS = new Map<string, { kind: SubmissionKind; verdict: DecisionTrace['verdict'] }>([
  ...Object.entries(GRANTED_TYPES).map(
    ([kind, type]) => [type, { kind: kind as SubmissionKind, verdict: 'granted' as const }] as const,
  ),
  ...Object.entries(REFUSED_TYPES).map(
    ([kind, type]) => [type, { kind: kind as SubmissionKind, verdict: 'refused' as const }] as const,
  ),
]);

@Controller('v1/submissions/:id/decision')
export class DecisionsController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly settings: LedgerSettings,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'A decision with its trace' })
  @Answers(200, DECISION)
  @Refuses([404])
  async decision(@Param('id') id: string): Promise<DecisionAnswer> {
    const stored = UUID.test(id) ? await this.connections.events.ofSubmission(this.settings.partitions, id) : undefined;
    const decided = stored && KINDS.get(stored.type);
    if (!stored || !decided) throw notFound();
    const data = JSON.parse(stored.data.toString()) as EventData;
    const { partition, seq, claimId, redemptionId, voucherId } = stored;
    const { context } = this.connections;
    const [claim] = claimId === null ? [] : await context.claims(partition, [claimId]);
    const [redemption] = redemptionId === null ? [] : await context.redemptions(partition, [redemptionId]);
    return {
      submissionId: stored.submissionId!,
      ...decided,
      voucherId,
      voucherVersion: stored.voucherVersion,
      at: data.at,
      occurredAt: data.occurredAt,
      facts: stored.facts === null ? {} : (JSON.parse(stored.facts) as Record<string, unknown>),
      checks: data.checks ?? [],
      ...(data.reason && { reason: data.reason }),
      partition,
      seq,
      lastSeq: seq + (data.followedBy ?? 0),
      asker: data.asker,
      bodyHash: data.bodyHash,
      userId: stored.userId ?? undefined,
      claimId: claimId ?? undefined,
      redemptionId: redemptionId ?? undefined,
      claim: claim && claimShown(knownClaim(claim).record),
      redemption: redemption && redemptionShown(redemptionRecord(redemption)),
    };
  }
}
