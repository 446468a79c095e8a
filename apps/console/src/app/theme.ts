import { theme, type ThemeConfig } from 'antd';
import { LOOKS, type Scheme } from './look.ts';

type Algorithm = typeof theme.compactAlgorithm;

const FONT = `system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif`;

/**
 * antd's palettes have too little contrast (its blue, its green tag), so the last algorithm sets the measured colours.
 */
const measuredColours =
  (scheme: Scheme): Algorithm =>
  (seed, map) => {
    const look = LOOKS[scheme];
    return {
      ...(map ?? theme.defaultAlgorithm(seed)),
      fontSizeSM: 12,
      fontSize: 13,
      fontSizeLG: 15,
      controlHeightSM: 24, // the smallest target size of WCAG 2.2
      colorText: look.text,
      colorTextBase: look.text,
      colorTextSecondary: look.muted,
      colorTextTertiary: look.muted,
      colorTextQuaternary: look.muted,
      colorBgBase: look.surface,
      colorBgContainer: look.surface,
      colorBgLayout: look.surface,
      colorBgElevated: look.surface,
      colorBorder: look.field,
      colorBorderSecondary: look.line,
      colorPrimary: look.primary,
      colorPrimaryHover: look.primary,
      colorPrimaryActive: look.primary,
      colorPrimaryText: look.primary,
      colorPrimaryBg: look.selected,
      colorLink: look.primary,
      colorLinkHover: look.primary,
      colorLinkActive: look.primary,
      colorInfo: look.primary,
      colorSuccess: look.ok,
      colorWarning: look.warn,
      colorError: look.bad,
      colorErrorText: look.bad,
    };
  };

/** antd's tokens for a scheme: dense, 13 px, lines instead of shadows, no animations. */
export function themeOf(scheme: Scheme): ThemeConfig {
  const look = LOOKS[scheme];
  const base = scheme === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm;
  return {
    algorithm: [base, theme.compactAlgorithm, measuredColours(scheme)],
    token: {
      fontFamily: FONT,
      fontSize: 13,
      borderRadius: 4,
      motion: false,
      colorTextPlaceholder: look.muted,
      colorTextDescription: look.muted,
      colorTextDisabled: look.muted,
      boxShadow: `0 0 0 1px ${look.line}`,
      boxShadowSecondary: `0 0 0 1px ${look.line}`,
    },
    components: {
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        primaryColor: look['on-primary'],
        dangerColor: look['on-primary'],
      },
      Select: { optionSelectedBg: look.selected, optionSelectedColor: look.text },
      Segmented: {
        trackBg: look.raised,
        itemSelectedBg: look.selected,
        itemSelectedColor: look.text,
        itemColor: look.muted,
      },
      Tabs: { itemColor: look.muted, itemSelectedColor: look.text },
    },
  };
}
