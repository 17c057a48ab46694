import type { Strings } from "./strings.ts";

export const zh: Strings = {
  languageName: "中文",
  skipToTerminal: "跳到终端",
  machine: "虚拟机",
  state: { starting: "正在启动", ready: "运行中", failed: "已停止", closed: "已关闭" },
  notAnswering: "没有响应",
  boot: {
    title: "正在启动你的 Linux 虚拟机",
    steps: {
      download: "下载虚拟机",
      restore: "载入内存",
      wake: "唤醒系统",
      shell: "打开 shell",
    },
    bytes: (loaded, total) => `${loaded} / ${total} MB`,
    hint: "它就在这个标签页里、在你自己的电脑上运行。首次访问之后，浏览器会留存一份，无需再次下载。",
    stepDone: "已完成",
    stepActive: "进行中",
  },
  problems: {
    unsupported: {
      title: "此浏览器无法运行虚拟机",
      advice:
        "需要 WebAssembly 和模块 Worker：Chrome 或 Edge 111、Firefox 115、Safari 16.4 及以上版本。有些公司策略或无痕模式会禁用 WebAssembly。",
    },
    memory: {
      title: "内存不足",
      advice: "虚拟机大约需要 600 MB 内存。请关闭一些标签页或程序，然后重试。",
    },
    network: {
      title: "虚拟机下载失败",
      advice: "连接中断，或者服务器没有响应。请检查网络，然后重试。",
    },
    outdated: {
      title: "页面与虚拟机不匹配",
      advice:
        "网站可能在浏览器缓存此页面之后更新过。请重新加载页面。如果仍然如此，说明网站缺少文件，请告知网站的维护者。",
    },
    stuck: {
      title: "虚拟机没有启动成功",
      advice: "虚拟机已经启动，但没有响应。请重试；在较慢或繁忙的电脑上，第二次会快一些。",
    },
    crash: {
      title: "虚拟机崩溃了",
      advice: "其中的内容已经丢失，但终端里显示的文字仍可以阅读和复制。启动一台全新的虚拟机只需几秒钟。",
    },
  },
  offline: "浏览器报告当前处于离线状态。",
  silent: {
    title: "虚拟机有一阵没有响应了",
    advice: "它可能正忙。如果一直如此，可以启动一台全新的虚拟机，但现有的内容会丢失。",
  },
  technicalDetails: "技术细节",
  tryAgain: "重试",
  reloadPage: "重新加载页面",
  restartMachine: "启动全新的虚拟机",
  reset: {
    button: "重置",
    title: "要重新开始吗？",
    question: "你将得到一台全新的虚拟机。现有的容器、镜像和文件都会丢失。",
    confirm: "重置虚拟机",
    cancel: "保留现状",
  },
  settings: {
    title: "设置",
    theme: "主题",
    themes: { system: "跟随系统", light: "浅色", dark: "深色" },
    toDark: "切换到深色主题",
    toLight: "切换到浅色主题",
    language: "语言",
    fontSize: "终端字号",
    smaller: "缩小",
    larger: "放大",
    screenReader: "屏幕阅读器支持",
    screenReaderHint: "让屏幕阅读器读出终端的输出。输出很多时会变慢。",
    keys: "终端按键",
    keyList: [
      ["Ctrl C", "有选中文字时复制，否则中断程序"],
      ["Ctrl Shift C", "复制"],
      ["Ctrl Shift V", "粘贴"],
      ["F6", "离开终端"],
    ],
    close: "关闭",
  },
  terminal: {
    label: number => `终端 ${number}`,
    exited: code => `shell 已退出，状态码 ${code}。`,
    killed: signal => `shell 被信号 ${signal} 终止。`,
    lost: "与 shell 的连接已断开。",
    pressEnter: "按 Enter 打开新的 shell。",
    dead: "虚拟机已停止。",
  },
  preview: {
    title: "预览",
    openPort: (port, container) => `打开 ${container} 的端口 ${port}`,
    noPorts: "没有容器发布端口。试试：docker run -d -p 8080:80 IMAGE",
    otherPort: "虚拟机的其他端口",
    open: "打开",
    path: "路径",
    reload: "刷新预览",
    newTab: "在新标签页中打开",
    close: "关闭预览",
    connecting: "正在连接",
    pageOf: port => `端口 ${port} 的页面`,
    reduced: "简化预览：此网站没有可供页面安全运行的第二个地址。你看到的页面不运行脚本，链接和表单不起作用。",
    tryAgain: "重试",
    failures: {
      refused: port => ({
        title: `端口 ${port} 没有响应`,
        advice: "没有程序在监听该端口。容器在运行吗？端口发布了吗？",
      }),
      closed: port => ({
        title: `端口 ${port} 断开了连接`,
        advice: "服务器在作出应答之前关闭了连接。容器可能已经退出：请查看它的日志。",
      }),
      timeout: port => ({
        title: `端口 ${port} 迟迟没有应答`,
        advice: "连接已建立，但服务器没有回应。它可能正忙。",
      }),
      malformed: port => ({
        title: `端口 ${port} 使用的不是 HTTP`,
        advice: "那里有程序应答，但不是 Web 服务器。",
      }),
      machine: () => ({
        title: "虚拟机没有运行",
        advice: "请等它启动后再试。",
      }),
    },
  },
};
