import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { UUID, type Claim, type ClaimState, type List } from '@vouchers/contracts';
import { CLAIM, CLAIM_STATE, ID, listOf, maybe } from '@vouchers/contracts/schemas';
import {
  AboutUser,
  Answers,
  badRequest,
  CurrentCaller,
  pageOf,
  PAGING,
  paging,
  Queries,
  Refuses,
  Scopes,
  type Caller,
} from '@vouchers/service';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { KnownClaims } from './known-claims.ts';

const STATES: readonly string[] = [
  'held',
  'locked',
  'redeemed',
  'expired',
  'released',
  'revoked',
] satisfies ClaimState[];

/** A user's own claims. */
@Controller('v1/claims')
export class WalletController {
  constructor(private readonly claims: KnownClaims) {}

  @Get()
  @ApiOperation({ summary: 'The claims of the user, newest first' })
  @Queries({ state: maybe(CLAIM_STATE), voucherId: maybe(ID), ...PAGING })
  @TakesPosition()
  @Answers(200, listOf(CLAIM))
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  async list(@Query() query: Record<string, unknown>, @CurrentCaller() caller: Caller): Promise<List<Claim>> {
    const { limit, after } = paging(query);
    const filter = {
      userId: caller.userId!,
      state: stateOf(query['state']),
      voucherId: idOf(query['voucherId'], 'voucherId'),
    };
    const claims = await this.claims.list({ ...filter, after: after && idOf(after[0], 'after'), limit: limit + 1 });
    return pageOf(
      claims,
      limit,
      ({ id }) => [id],
      (claim) => claim,
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of them' })
  @TakesPosition()
  @Answers(200, CLAIM)
  @Refuses([404])
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  one(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<Claim> {
    return this.claims.find(id, caller.userId!);
  }
}

function stateOf(value: unknown): ClaimState | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && STATES.includes(value)) return value as ClaimState;
  throw badRequest([{ pointer: '/state', message: `must be one of ${STATES.join(', ')}` }]);
}

function idOf(value: unknown, name: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && UUID.test(value)) return value;
  throw badRequest([{ pointer: `/${name}`, message: 'must be an id' }]);
}
