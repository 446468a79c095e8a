import { ArrayMaxSize, IsArray, IsBoolean, IsOptional } from 'class-validator';

/** `POST /v1/vouchers/batch`. Each item is a VoucherSpec, checked as one is. */
export class VoucherBatchBody {
  @ArrayMaxSize(1_000) @IsArray() items!: unknown[];
  @IsOptional() @IsBoolean() publish?: boolean;
}
