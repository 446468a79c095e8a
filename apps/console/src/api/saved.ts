// Templates of the team and views of the user. config keeps them by name.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, services } from './api.ts';

type Kind = 'templates' | 'views';

/** All of them, by name. A team has at most 100, and a page holds as many. */
export const savedQuery = (kind: Kind) =>
  queryOptions({
    queryKey: ['saved', kind],
    queryFn: async () =>
      (await answer(services().config.GET('/v1/saved/{kind}', { params: { path: { kind }, query: { limit: 200 } } })))
        .items,
    staleTime: 60_000,
  });

/** Saves one by its name, or deletes it if it has no value any more. */
export function useSave(kind: Kind) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, value }: { name: string; value?: object }) => {
      const params = { path: { kind, name } };
      if (value === undefined) return void (await services().config.DELETE('/v1/saved/{kind}/{name}', { params }));
      await answer(services().config.PUT('/v1/saved/{kind}/{name}', { params, body: { value: { ...value } } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['saved', kind] }),
  });
}
