// Queries that more than one screen asks: one key and one call for each.
import { queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, services } from './api.ts';

/** A voucher and the ETag for its next change. */
export const voucherQuery = (id: string) =>
  queryOptions({
    queryKey: ['voucher', id],
    queryFn: () => answerWithTag(services().config.GET('/v1/vouchers/{id}', { params: { path: { id } } })),
  });

/** A page and the ETag for its next change. */
export const pageQuery = (slug: string) =>
  queryOptions({
    queryKey: ['page', slug],
    queryFn: () => answerWithTag(services().config.GET('/v1/pages/{slug}', { params: { path: { slug } } })),
  });

/** What conditions may ask of a user. */
export const userAttributesQuery = queryOptions({
  queryKey: ['user-attributes'],
  queryFn: () => answer(services().config.GET('/v1/user-attributes')),
  staleTime: Infinity,
});
