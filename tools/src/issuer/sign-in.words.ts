// The texts of the issuer's pages, in both languages.
import type { IDENTITIES } from './identities.ts';

type Role = Extract<(typeof IDENTITIES)[number], { kind: 'role' }>['sub'];

/** The words of one language. */
export interface Words {
  readonly title: string;
  readonly introduction: string;
  readonly roles: string;
  readonly rolesFor: string;
  readonly role: Record<Role, readonly [name: string, may: string]>;
  readonly users: string;
  readonly usersFor: string;
  readonly noAttributes: string;
  readonly another: string;
  readonly userId: string;
  readonly attributes: string;
  readonly attributesHint: string;
  readonly signIn: string;
  readonly badUser: string;
  readonly badAttributes: string;
  readonly signOutTitle: string;
  readonly signOut: string;
  readonly stay: string;
  readonly signedOut: string;
  readonly failed: string;
  readonly expired: string;
}

const english: Words = {
  title: 'Sign in',
  introduction: "This is a developer's machine: choose who you are. There are no passwords.",
  roles: 'A role',
  rolesFor: 'For the console',
  role: {
    staff: ['Staff', 'makes and changes drafts and pages'],
    publisher: ['Publisher', 'also publishes, changes, pauses and terminates vouchers, and revokes claims'],
    support: ['Support', 'looks up claims and why they were refused'],
    auditor: ['Auditor', 'reads counters, versions and proofs, of all teams'],
    partner: ['Publisher of another team', "sees the vouchers of 'default', edits those of 'partner'"],
  },
  users: 'A user',
  usersFor: 'For pages on which vouchers are claimed',
  noAttributes: 'no attributes',
  another: 'Another user',
  userId: 'User id',
  attributes: 'Attributes',
  attributesHint: 'A JSON object, e.g. {"tier":"vip","age":30}',
  signIn: 'Sign in',
  badUser: 'A user id is 1 to 255 letters, digits and signs without spaces, and not the name of a role.',
  badAttributes: 'Attributes are a JSON object, e.g. {"tier":"gold"}.',
  signOutTitle: 'Sign out?',
  signOut: 'Sign out',
  stay: 'Stay signed in',
  signedOut: 'You are signed out.',
  failed: 'That did not work',
  expired: 'This sign-in has ended. Go back to where you came from and sign in again.',
};

const chinese: Words = {
  title: '登录',
  introduction: '这是开发者的机器：选择以谁的身份登录，无需密码。',
  roles: '角色',
  rolesFor: '用于控制台',
  role: {
    staff: ['运营', '新建、修改草稿和页面'],
    publisher: ['发布者', '还可发布、修改、暂停、终止凭证，收回领取'],
    support: ['客服', '查询领取和被拒原因'],
    auditor: ['审计', '查看所有团队的计数、版本和证明'],
    partner: ['另一团队的发布者', '可见 default 的凭证，编辑 partner 的凭证'],
  },
  users: '用户',
  usersFor: '用于领取凭证的页面',
  noAttributes: '没有属性',
  another: '其他用户',
  userId: '用户 ID',
  attributes: '属性',
  attributesHint: 'JSON 对象，例如 {"tier":"vip","age":30}',
  signIn: '登录',
  badUser: '用户 ID 为 1 到 255 个字母、数字或符号，不含空格，且不能是角色名。',
  badAttributes: '属性是 JSON 对象，例如 {"tier":"gold"}。',
  signOutTitle: '要退出登录吗？',
  signOut: '退出登录',
  stay: '保持登录',
  signedOut: '已退出登录。',
  failed: '操作未成功',
  expired: '本次登录已失效，请返回原页面重新登录。',
};

export const LANGUAGES = {
  'zh-CN': { name: '中文', words: chinese },
  en: { name: 'English', words: english },
} as const;
export type Language = keyof typeof LANGUAGES;

/** The first known language among language tags in order of preference, as in ui_locales and Accept-Language. */
export function languageOf(...wishes: (string | null | undefined)[]): Language {
  const tags = wishes.flatMap((wish) => wish?.split(/[\s,]+/) ?? []);
  const known = tags.map((tag) => (/^zh/i.test(tag) ? 'zh-CN' : /^en/i.test(tag) ? 'en' : undefined));
  return known.find((language) => language !== undefined) ?? 'en';
}
