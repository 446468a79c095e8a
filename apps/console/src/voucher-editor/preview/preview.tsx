// Shows the real widget with the unsaved spec. It sends no requests.
import { Checkbox, Segmented, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { usePreferences } from '../../app/preferences.ts';
import type { Scheme } from '../../app/look.ts';
import type { Language } from '../../words/loaders.ts';
import { useSpec } from '../draft/draft.context.ts';
import { useWords } from '../editor-words.ts';
import { PREVIEW_STATES, previewData, type PreviewState } from './preview-data.ts';

export function Preview() {
  const words = useWords();
  const preferences = usePreferences();
  const [state, setState] = useState<PreviewState>('claimable');
  const [language, setLanguage] = useState<Language>(preferences.language);
  const [scheme, setScheme] = useState<Scheme>(preferences.scheme);
  const [popup, setPopup] = useState(false);
  return (
    <aside className="panel editor-preview" aria-labelledby="preview-heading">
      <h2 id="preview-heading">{words('preview.title')}</h2>
      <div className="row">
        <Select
          aria-label={words('preview.state')}
          value={state}
          onChange={setState}
          options={PREVIEW_STATES.map((value) => ({ value, label: words(`preview.states.${value}`) }))}
        />
        <Segmented
          aria-label={words('preview.language')}
          value={language}
          onChange={setLanguage}
          options={[
            { value: 'zh-CN', label: '中' },
            { value: 'en', label: 'EN' },
          ]}
        />
        <Segmented
          aria-label={words('preview.colours')}
          value={scheme}
          onChange={setScheme}
          options={(['light', 'dark'] as const).map((value) => ({ value, label: words(`preview.${value}`) }))}
        />
        <Checkbox checked={popup} onChange={({ target }) => setPopup(target.checked)}>
          {words('preview.popup')}
        </Checkbox>
      </div>
      <Widget state={state} language={language} scheme={scheme} popup={popup} />
    </aside>
  );
}

interface WidgetProps {
  state: PreviewState;
  language: Language;
  scheme: Scheme;
  popup: boolean;
}

function Widget({ state, language, scheme, popup }: WidgetProps) {
  const words = useWords();
  const spec = useSpec();
  const place = useRef<HTMLDivElement>(null);
  const [isAway, setAway] = useState(false);
  const [isThere, setThere] = useState(() => customElements.get('voucher-claim') !== undefined);
  useEffect(() => {
    import('@vouchers/claim-widget').then(
      () => setThere(true),
      () => setAway(true),
    );
  }, []);
  useEffect(() => {
    if (!isThere || !place.current) return;
    const widget = document.createElement('voucher-claim');
    // The preview must not claim anything.
    widget.addEventListener('voucher-claiming', (event) => event.preventDefault());
    place.current.replaceChildren(widget);
  }, [isThere, popup]);
  useEffect(() => {
    const widget = place.current?.querySelector('voucher-claim');
    if (!widget) return;
    widget.lang = language;
    widget.theme = scheme;
    widget.noPopup = !popup;
    widget.data = previewData(spec, state, new Date().toISOString(), popup) as NonNullable<typeof widget.data>;
  }, [isThere, spec, state, language, scheme, popup]);
  if (isAway) return <p role="status">{words('preview.unavailable')}</p>;
  return <div ref={place} className="preview-stage" data-scheme={scheme} />;
}
