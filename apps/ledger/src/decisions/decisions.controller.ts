import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { UUID, VERDICTS, type DecisionTrace, type EventData } from '@vouchers/contracts';
import { DECISION } from '@vouchers/contracts/schemas';
import { Answers, CurrentCaller, notFound, Refuses, Scopes, type Caller } from '@vouchers/service';
import { claimShown, eventEntry, redemptionShown } from '@vouchers/voucher';
import { entryRecord, knownClaim, redemptionRecord } from '../knowledge/projection.rows.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';
import { TeamReads } from '../team/team.reads.ts';

@Controller('v1/submissions/:id/decision')
export class DecisionsController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly settings: LedgerSettings,
    private readonly teams: TeamReads,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({ summary: 'A decision with its trace' })
  @Answers(200, DECISION)
  @Refuses([404])
  async getDecision(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<DecisionTrace> {
    await this.teams.expectSubmission(caller, id);
    const stored = UUID.test(id) ? await this.connections.events.ofSubmission(this.settings.partitions, id) : undefined;
    const decided = stored && VERDICTS.get(stored.type);
    if (!stored || !decided) throw notFound();
    const data = JSON.parse(stored.data.toString()) as EventData;
    const { partition, seq, claimId, redemptionId, voucherId } = stored;
    const { context } = this.connections;
    const [claim] = claimId === null ? [] : await context.claims(partition, [claimId]);
    const [redemption] = redemptionId === null ? [] : await context.redemptions(partition, [redemptionId]);
    const [entry] = data.entry ? await context.entries(partition, [data.entry.id]) : [];
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
      by: data.by,
      bodyHash: data.bodyHash,
      userId: stored.userId ?? undefined,
      claimId: claimId ?? undefined,
      redemptionId: redemptionId ?? undefined,
      claim: claim && claimShown(knownClaim(claim).record),
      redemption: redemption && redemptionShown(redemptionRecord(redemption)),
      entry: entry && eventEntry(entryRecord(entry)),
    };
  }
}
