import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US';
import zhCN from 'antd/es/locale/zh_CN';
import { useMemo, useState, type ReactNode } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { speak } from '../words/words.ts';
import { paint } from './look.ts';
import { nonce } from './nonce.ts';
import { firstLanguage, firstScheme, keep, PreferencesContext } from './preferences.ts';
import { themeOf } from './theme.ts';

/** One for the console: old data stay on show while new ones come, and only a lost connection is tried again at once. */
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

/** Outside of `body`: antd then writes no scroll lock, a style without a nonce. */
export const overlays = (): HTMLElement => document.getElementById('overlays')!;

/** Data, words and looks for all that is below. */
export function Providers({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState(() => ({ language: firstLanguage(), scheme: firstScheme() }));
  const preferences = useMemo(
    () => ({
      ...chosen,
      choose: (change: Partial<typeof chosen>) => {
        const next = { ...chosen, ...change };
        keep(next);
        paint(next.scheme);
        void speak(next.language).then(() => setChosen(next));
      },
    }),
    [chosen],
  );
  return (
    <PreferencesContext value={preferences}>
      <ConfigProvider
        theme={themeOf(chosen.scheme)}
        locale={chosen.language === 'en' ? enUS : zhCN}
        csp={{ nonce }}
        getPopupContainer={overlays}
        getTargetContainer={() => window}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false }}
      >
        <App component={false} message={{ maxCount: 3 }}>
          <QueryClientProvider client={queries}>{children}</QueryClientProvider>
        </App>
      </ConfigProvider>
    </PreferencesContext>
  );
}
