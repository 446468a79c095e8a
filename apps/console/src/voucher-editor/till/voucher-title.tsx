import { useQuery } from '@tanstack/react-query';
import { answer, services } from '../../api/api.ts';
import { NO_VOUCHER } from './till-order.ts';
import { useTillWords } from './till-words.ts';

/** The name of a voucher of the list. Until it is known, the end of the id. */
export function useVoucherName(id: string, isListed = true): string {
  const { data } = useQuery({
    queryKey: ['voucher-name', id],
    queryFn: async () => (await answer(services().config.GET('/v1/vouchers/{id}', { params: { path: { id } } }))).name,
    staleTime: 60_000,
    enabled: isListed,
  });
  return data?.trim() || `…${id.slice(-12)}`;
}

/** The name of a voucher at the till. @param voucherId the saved voucher of the draft */
export function VoucherTitle({ id, voucherId }: { id: string; voucherId: string | undefined }) {
  const words = useTillWords();
  const isDraft = id === NO_VOUCHER || id === voucherId;
  const name = useVoucherName(id, !isDraft);
  return isDraft ? <>{words('draft')}</> : <bdi>{name}</bdi>;
}
