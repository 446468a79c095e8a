import { ArrayMaxSize, IsArray, IsBoolean, IsOptional } from 'class-validator';

/** The body of `POST /v1/vouchers/batch`. Each item is checked as a single VoucherSpec is. */
export class VoucherBatchBody {
  @ArrayMaxSize(1_000) @IsArray() items!: unknown[];
  @IsOptional() @IsBoolean() publish?: boolean;
}
