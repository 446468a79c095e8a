import type { EventsFilters } from '../app/filters.ts';
import { accessToken, sessionEnded } from '../app/session.ts';
import { services } from '../api/api.ts';
import { problemIn } from '../api/api-problem.ts';

/** All events that pass the filters, as the ledger streams them. @throws ApiProblem */
export async function eventsCsv(id: string, filters: EventsFilters): Promise<Blob> {
  const query = new URLSearchParams({ ...filters }).toString();
  const response = await fetch(`${services().addresses.ledger}/v1/vouchers/${id}/events.csv?${query}`, {
    headers: { authorization: `Bearer ${await accessToken()}`, accept: 'text/csv' },
  });
  if (response.status === 401) sessionEnded();
  if (!response.ok) throw await problemIn(response);
  return response.blob();
}
