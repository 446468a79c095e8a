import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { fault, UUID, type Claim, type ClaimListed, type ClaimState, type List } from '@vouchers/contracts';
import { choice, CLAIM, CLAIM_LISTED, CLAIM_STATE, ID, listOf, maybe, maybeWithout } from '@vouchers/contracts/schemas';
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
import { Parked, type Unavailable } from '../parked/parked.ts';
import { Definitions } from '../read-model/definitions.ts';
import { TakesPosition } from '../read-model/read-your-writes.ts';
import { claimVoucherOf } from './claim-voucher.ts';
import { ClaimReads } from './claim.reads.ts';

/** The query as the route declares it. */
interface WalletQuery {
  state?: ClaimState;
  voucherId?: string;
  include?: 'voucher';
  limit?: string;
  after?: string;
}

/** A user's own claims. */
@Controller('v1/claims')
export class WalletController {
  constructor(
    private readonly claims: ClaimReads,
    private readonly parked: Parked,
    private readonly definitions: Definitions,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The claims of the user, newest first' })
  @Queries({ state: maybe(CLAIM_STATE), voucherId: maybe(ID), include: maybe(choice('voucher')), ...PAGING })
  @TakesPosition()
  @Answers(200, maybeWithout(listOf(CLAIM_LISTED)))
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  async listClaims(
    @Query() query: WalletQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<List<ClaimListed> & Unavailable> {
    const { limit, after } = paging(query);
    if (after && !UUID.test(after[0]!)) throw badRequest([fault('/after', 'cursor')]);
    const { state } = query;
    const voucherId = query.voucherId?.toLowerCase();
    const filter = { userId: caller.userId!, state, voucherId };
    const claims = await this.claims.list({ ...filter, after: after?.[0], limit: limit + 1 });
    const vouchers =
      query.include === undefined
        ? undefined
        : await this.definitions.of([...new Set(claims.map(({ voucherId: id }) => id))]);
    const page = pageOf(
      claims,
      limit,
      ({ id }) => [id],
      (claim): ClaimListed => {
        const definition = vouchers?.get(claim.voucherId)?.value;
        return definition ? { ...claim, voucher: claimVoucherOf(definition) } : claim;
      },
    );
    return { ...page, ...(filter.voucherId === undefined && this.parked.inAnswer()) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A claim of the user' })
  @TakesPosition()
  @Answers(200, CLAIM)
  @Refuses([404])
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  getClaim(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<Claim> {
    return this.claims.show(id, caller.userId!);
  }
}
