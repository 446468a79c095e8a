import { IsIn, IsString } from 'class-validator';
import type { Node } from '../schemas/voucher.schema.ts';

/** The body of `POST /v1/rules/check`, which says whether a condition may be saved at a node. */
export class RuleCheckBody {
  @IsIn(['enable', 'claim', 'use', 'terminate']) node!: Node;
  @IsString() when!: string;
}
