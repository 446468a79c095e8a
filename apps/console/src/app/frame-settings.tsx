import { MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePreferences } from './preferences.ts';

/** Language and colours. */
export function Settings() {
  const { t } = useTranslation();
  const { language, scheme, choose } = usePreferences();
  const other = scheme === 'light' ? 'dark' : 'light';
  return (
    <div className="row">
      <Segmented
        aria-label={t('frame.language')}
        size="small"
        value={language}
        onChange={(value) => choose({ language: value })}
        options={[
          { value: 'zh-CN' as const, label: <span lang="zh-CN">中文</span> },
          { value: 'en' as const, label: <span lang="en">English</span> },
        ]}
      />
      <Button
        type="text"
        aria-label={t(`frame.${other}`)}
        title={t(`frame.${other}`)}
        icon={other === 'dark' ? <MoonOutlined /> : <SunOutlined />}
        onClick={() => choose({ scheme: other })}
      />
    </div>
  );
}
