import { IsIn, IsString } from 'class-validator';
import type { Node } from '../schemas/voucher.schema.ts';

/** `POST /v1/rules/check`: may this condition be saved at this node? */
export class RuleCheckBody {
  @IsIn(['enable', 'claim', 'use', 'terminate']) node!: Node;
  @IsString() when!: string;
}
