import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { Notices } from '../parts/notices.tsx';
import { changeLanguage } from '../words/words.ts';
import { firstLanguage, firstScheme, keep, type Choices } from './choices.ts';
import { paint } from './look.ts';
import { PreferencesContext } from './preferences.ts';

/** The console's query client. Old data stay visible while new ones load. Only lost connections are retried at once. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => error instanceof ApiProblem && error.status === 0 && failures < 1,
      retryDelay: 500,
    },
    mutations: { retry: false },
  },
});

/** Provides the screens with data, language and colours. */
export function Providers({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<Choices>(() => ({ language: firstLanguage(), scheme: firstScheme() }));
  const preferences = useMemo(
    () => ({
      ...chosen,
      choose: (change: Partial<Choices>) => {
        const next = { ...chosen, ...change };
        keep(next);
        paint(next.scheme);
        void changeLanguage(next.language).then(() => setChosen(next));
      },
    }),
    [chosen],
  );
  return (
    <PreferencesContext value={preferences}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      <Notices />
    </PreferencesContext>
  );
}
