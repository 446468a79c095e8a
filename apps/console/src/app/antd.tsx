// Loads antd for the screens that need its fields. The list and the frame do without it.
import { ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US';
import zhCN from 'antd/es/locale/zh_CN';
import type { ReactNode } from 'react';
import { nonce } from './nonce.ts';
import { usePreferences } from './preferences.ts';
import { themeOf } from './theme.ts';

/** Outside of `body`, so that antd writes no scroll lock, which would be a style without a nonce. */
const overlays = (): HTMLElement => document.getElementById('overlays')!;

/** Provides antd's components with language and theme. */
export function Antd({ children }: { children: ReactNode }) {
  const { language, scheme } = usePreferences();
  return (
    <ConfigProvider
      theme={themeOf(scheme)}
      locale={language === 'en' ? enUS : zhCN}
      csp={{ nonce }}
      getPopupContainer={overlays}
      getTargetContainer={() => window}
      wave={{ disabled: true }}
    >
      {children}
    </ConfigProvider>
  );
}
