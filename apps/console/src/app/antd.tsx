// antd for the screens that need its fields: the list and the frame stand without it.
import { ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US';
import zhCN from 'antd/es/locale/zh_CN';
import type { ReactNode } from 'react';
import { nonce } from './nonce.ts';
import { usePreferences } from './preferences.ts';
import { themeOf } from './theme.ts';

/** Outside of `body`: antd then writes no scroll lock, a style without a nonce. */
const overlays = (): HTMLElement => document.getElementById('overlays')!;

/** Words and looks for antd's parts below. */
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
