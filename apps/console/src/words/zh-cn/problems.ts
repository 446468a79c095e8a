import type { Words } from '../en/index.ts';

export const problems: Words['problems'] = {
  unreachable: '无法连接服务',
  unreachableText: '请检查网络。已填写的内容会保留。',
  unavailable: '服务暂时不可用',
  tooMany: '请求过多',
  unknown: '出错了',
  unknownOrNotYours: '不存在或不属于您',
  unknownText: '没有这个编号，或您的团队无权查看。',
  forbidden: '没有权限',
  otherTeam: '属于其他团队',
  stale: '已被他人修改',
  refused: '已拒绝',
  retryIn: '{{seconds}} 秒后可重试',
  reasons: {
    terminated: '凭证已终止。',
    frozen: '所改字段在发布后不可修改。',
    quota: '团队的数量已达上限。请终止或删除不再需要的。',
    'not-draft': '已经发布过。',
    'not-published': '尚未发布。',
    paused: '已经暂停。',
    'not-paused': '没有暂停。',
    'claim-expired': '领取已过期。',
    'claim-released': '领取已退还。',
    'claim-revoked': '领取已被收回。',
    'already-redeemed': '领取已核销。',
  },
};
