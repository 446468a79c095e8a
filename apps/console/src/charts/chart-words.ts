// The texts of the charts, which are loaded with the screens that draw them.
import { wordsOf } from '../words/part-words.ts';

export const en = {
  untilUse: 'Time from claim to use',
  upTo: 'up to {{length}}',
  longer: 'longer',
  median: 'Half of the uses came within {{length}}.',
  noUses: 'Nothing has been used yet',
  noClaims: 'Nothing has been claimed yet',
  partly: 'Only the newest events are counted, because there are very many.',
  idle: 'Units that lie idle',
  idleText: 'Free units, and claims that wait for their use.',
  week: 'By day and hour',
  weekText: 'The highest bar is {{number}}, on {{day}} from {{hour}}:00. Times in {{zone}}.',
  what: 'What is counted',
  claimed: 'Claimed',
  used: 'Used',
  day: 'Day',
  hour: 'Hour',
  all: 'All',
  trend: 'Trend',
  trendText: 'The sums over all vouchers with this label.',
  trendMost: 'The sums over the {{number}} vouchers with the most claims.',
};

export const zhCn: typeof en = {
  untilUse: '从领取到核销的时间',
  upTo: '{{length}}内',
  longer: '更久',
  median: '一半的核销在领取后 {{length}}内。',
  noUses: '尚无核销',
  noClaims: '尚无领取',
  partly: '事件很多，只统计最近的部分。',
  idle: '闲置份额',
  idleText: '可领的份额，以及已领取、等待使用的份额。',
  week: '按星期和小时',
  weekText: '最高为{{day}} {{hour}}:00 起的 {{number}}。时区 {{zone}}。',
  what: '统计对象',
  claimed: '领取',
  used: '核销',
  day: '星期',
  hour: '小时',
  all: '合计',
  trend: '趋势',
  trendText: '此标签下所有凭证的合计。',
  trendMost: '领取最多的 {{number}} 个凭证的合计。',
};

export const useChartWords = wordsOf('charts', en, zhCn);
