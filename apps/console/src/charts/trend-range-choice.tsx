import { useTranslation } from 'react-i18next';
import { Choice } from '../parts/choice.tsx';
import { TREND_RANGES, type TrendRange } from './trend-range.ts';

interface Props {
  range: TrendRange;
  onChange(range: TrendRange): void;
}

/** Chooses how far back a chart goes. */
export function TrendRangeChoice({ range, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Choice<TrendRange>
      label={t('voucher.seriesRange')}
      value={range}
      options={TREND_RANGES.map((value) => ({ value, label: t(`voucher.seriesRanges.${value}`) }))}
      onChange={onChange}
    />
  );
}
