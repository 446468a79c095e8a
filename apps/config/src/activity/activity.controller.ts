import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, type List } from '@vouchers/contracts';
import {
  ACTORS_NAME,
  choice,
  ID,
  listOf,
  maybe,
  named,
  record,
  SLUG,
  text,
  TIME,
  whole,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import {
  Answers,
  badRequest,
  CurrentCaller,
  Database,
  pageOf,
  PAGING,
  paging,
  Queries,
  Scopes,
  Tenancy,
  type Caller,
} from '@vouchers/service';
import { LessThan } from 'typeorm';
import { ACTIONS, ActivityRow } from './activity.entity.ts';

const ACTIVITY = named(
  'Activity',
  record({
    at: TIME,
    by: text(),
    byName: maybe(ACTORS_NAME),
    team: maybe(text()),
    action: choice(...ACTIONS),
    voucherId: maybe(ID),
    slug: maybe(SLUG),
    version: whole(1),
  }),
);
export type ActivityShown = TypeOf<typeof ACTIVITY>;

@Controller('v1/activity')
export class ActivityController {
  constructor(
    private readonly database: Database,
    private readonly tenancy: Tenancy,
  ) {}

  @Get()
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'Actions of staff, newest first' })
  @Queries({ voucherId: maybe(ID), by: maybe(text()), ...PAGING })
  @Answers(200, listOf(ACTIVITY))
  async listActivity(
    @Query() query: Record<string, string | undefined>,
    @CurrentCaller() caller: Caller,
  ): Promise<List<ActivityShown>> {
    const { limit, after } = paging(query);
    const { voucherId, by } = query;
    if (after && !/^\d{1,18}$/.test(after[0]!)) throw badRequest([fault('/after', 'cursor')]);
    const rows = await this.database.manager.find(ActivityRow, {
      where: {
        ...this.tenancy.where(caller),
        ...(voucherId !== undefined && { voucherId }),
        ...(by !== undefined && { by }),
        ...(after && { id: LessThan(after[0]!) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return pageOf(rows, limit, ({ id }) => [id], activityShown);
  }
}

const activityShown = ({ at, by, byName, team, action, voucherId, slug, version }: ActivityRow): ActivityShown => ({
  at: at.toISOString(),
  by,
  ...(byName !== null && { byName }),
  ...(team !== null && { team }),
  action,
  ...(voucherId !== null && { voucherId }),
  ...(slug !== null && { slug }),
  version,
});
