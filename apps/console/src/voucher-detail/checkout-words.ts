// The texts about budgets and combinations, which are loaded with the screens that show them.
import { wordsOf } from '../words/part-words.ts';

export const en = {
  money: 'Money taken off',
  taken: 'Taken off',
  reserved: 'Reserved by open orders',
  left: 'Left of the budget',
  of: 'of {{budget}}',
  none: 'Nothing has been taken off yet',
  budget: 'Budget',
  combination: 'Combination',
  group: 'group {{group}}',
  with: { any: 'with any', none: 'alone on its order', groups: 'with {{groups}}' },
  perOrder: 'at most {{number}} on an order',
  priority: 'priority {{number}}',
};

export const zhCn: typeof en = {
  money: '优惠金额',
  taken: '已优惠',
  reserved: '进行中订单预留',
  left: '预算剩余',
  of: '预算 {{budget}}',
  none: '尚无优惠',
  budget: '预算',
  combination: '叠加',
  group: '组 {{group}}',
  with: { any: '可与任何凭证叠加', none: '单独使用', groups: '可与 {{groups}} 叠加' },
  perOrder: '每单最多 {{number}} 张',
  priority: '优先级 {{number}}',
};

export const useCheckoutWords = wordsOf('checkout', en, zhCn);
