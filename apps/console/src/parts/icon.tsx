// Renders antd's icons without antd, since the first screen needs only a few of them.
import ArrowDown from '@ant-design/icons-svg/es/asn/ArrowDownOutlined';
import ArrowUp from '@ant-design/icons-svg/es/asn/ArrowUpOutlined';
import Calendar from '@ant-design/icons-svg/es/asn/CalendarOutlined';
import Close from '@ant-design/icons-svg/es/asn/CloseOutlined';
import Copy from '@ant-design/icons-svg/es/asn/CopyOutlined';
import Delete from '@ant-design/icons-svg/es/asn/DeleteOutlined';
import Download from '@ant-design/icons-svg/es/asn/DownloadOutlined';
import Moon from '@ant-design/icons-svg/es/asn/MoonOutlined';
import Pause from '@ant-design/icons-svg/es/asn/PauseOutlined';
import Play from '@ant-design/icons-svg/es/asn/PlayCircleOutlined';
import Plus from '@ant-design/icons-svg/es/asn/PlusOutlined';
import Search from '@ant-design/icons-svg/es/asn/SearchOutlined';
import Sun from '@ant-design/icons-svg/es/asn/SunOutlined';
import Upload from '@ant-design/icons-svg/es/asn/UploadOutlined';
import type { IconDefinition } from '@ant-design/icons-svg/es/types';

const DRAWINGS = {
  ArrowDown,
  ArrowUp,
  Calendar,
  Close,
  Copy,
  Delete,
  Download,
  Moon,
  Pause,
  Play,
  Plus,
  Search,
  Sun,
  Upload,
};

/** The paths of a single-colour icon. */
const pathsOf = ({ icon }: IconDefinition): (string | undefined)[] =>
  typeof icon === 'function' ? [] : (icon.children ?? []).map(({ attrs }) => attrs['d']);

/** An icon beside a word, or in a button with its own name. */
export function Icon({ of }: { of: keyof typeof DRAWINGS }) {
  return (
    <svg viewBox="64 64 896 896" width="1em" height="1em" fill="currentColor" aria-hidden focusable="false">
      {pathsOf(DRAWINGS[of]).map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
