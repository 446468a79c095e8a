// Queries that several screens share, each with its key.
import { queryOptions } from '@tanstack/react-query';
import { answer, answerWithTag, services } from './api.ts';

/** A voucher and its ETag. */
export const voucherQuery = (id: string) =>
  queryOptions({
    queryKey: ['voucher', id],
    queryFn: () => answerWithTag(services().config.GET('/v1/vouchers/{id}', { params: { path: { id } } })),
  });

/** A version of a voucher, which never changes. */
export const versionQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['version', id, version],
    queryFn: () =>
      answer(services().config.GET('/v1/vouchers/{id}/versions/{version}', { params: { path: { id, version } } })),
    staleTime: Infinity,
  });

/** A page and its ETag. */
export const pageQuery = (slug: string) =>
  queryOptions({
    queryKey: ['page', slug],
    queryFn: () => answerWithTag(services().config.GET('/v1/pages/{slug}', { params: { path: { slug } } })),
  });

/** The user attributes that conditions may use. */
export const userAttributesQuery = queryOptions({
  queryKey: ['user-attributes'],
  queryFn: () => answer(services().config.GET('/v1/user-attributes')),
  staleTime: Infinity,
});
