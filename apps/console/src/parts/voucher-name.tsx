import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, services } from '../api/api.ts';

/** A link to a voucher by its name. Until the name is known, it shows the end of the id. */
export function VoucherName({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['voucher-name', id],
    queryFn: async () => (await answer(services().config.GET('/v1/vouchers/{id}', { params: { path: { id } } }))).name,
    staleTime: 60_000,
  });
  return (
    <Link to="/vouchers/$id" params={{ id }} preload={false}>
      <bdi>{data?.trim() || `…${id.slice(-12)}`}</bdi>
    </Link>
  );
}
