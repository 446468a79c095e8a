// The texts of a voucher's versions, which are loaded with them.
import { wordsOf } from '../words/part-words.ts';

const en = {
  show: 'Show version {{version}} in full',
  current: 'Now: version {{version}}',
  restore: 'Restore version {{version}}',
  restoreText: 'As a new version. You see every change before it is saved.',
  list: 'All versions',
  by: 'by {{by}}',
  zone: 'Times in {{zone}}',
  changed: 'changed {{fields}}',
  first: 'first version',
  compare: 'Compare',
  from: 'From version',
  to: 'To version',
  same: 'These versions do not differ in any field',
  intent: 'State asked for',
};
const zhCn: typeof en = {
  show: '查看版本 {{version}} 的全部内容',
  current: '当前：版本 {{version}}',
  restore: '恢复版本 {{version}}',
  restoreText: '作为新版本保存，保存前可看到每项更改。',
  list: '全部版本',
  by: '由 {{by}}',
  zone: '时间按 {{zone}}',
  changed: '修改了 {{fields}}',
  first: '首个版本',
  compare: '对比',
  from: '从版本',
  to: '到版本',
  same: '这两个版本没有字段差异',
  intent: '要求的状态',
};

export const useVersionWords = wordsOf('versions', en, zhCn);
