# Read by every interactive bash. No command here may fork: a process costs tens of milliseconds in this guest.
case $- in *i*) ;; *) return ;; esac

HISTSIZE=2000 HISTFILESIZE=2000 HISTCONTROL=ignoreboth
shopt -s histappend checkwinsize

# Red for root, green for anyone else.
if [ "$EUID" -eq 0 ]; then
  PS1='\[\e[1;31m\]\u@\h\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]\$ '
else
  PS1='\[\e[1;32m\]\u@\h\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]\$ '
fi

alias ls='ls --color=auto' ll='ls -alF' la='ls -A' l='ls -CF'
alias grep='grep --color=auto'

# Completions are read when their command is first completed.
_load_completion() {
  local file=/usr/share/bash-completion/completions/${1##*/}
  [[ -n $1 && -r $file ]] && . "$file" && return 124
  return 1
}
complete -D -o bashdefault -o default -F _load_completion
