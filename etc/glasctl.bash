# Completion of glasctl(1) for bash. The commands and their options are what
# glasctl --help lists, so that nothing is to be kept up to date here.

_glasctl_commands()
{
	"${COMP_WORDS[0]}" --help 2>/dev/null | sed -n 's/^  \([a-z]\)/\1/p'
}

# What somebody can be, in the words of admin add.
_glasctl_kinds()
{
	"${COMP_WORDS[0]}" --help 2>/dev/null |
	    sed -n '/^  admin add /{n;s/.*: //;s/,//g;p;}'
}

# The links of the configuration, where it may be read; of these kinds.
_glasctl_links()
{
	sed -nE "s/^\[($2) +([a-z0-9-]+)\].*/\2/p" \
	    "${1:-/etc/glas/glas.conf}" 2>/dev/null
}

# The file that a word of the command line means.
_glasctl_named()
{
	local name=${1//\\/}

	case $name in
	"~/"*)
		name=$HOME/${name#??}
		;;
	esac
	printf '%s\n' "$name"
}

# A name is a line: blanks and stars in it are its own.
_glasctl_files()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "${1//\\/}")
}

_glasctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local conf= line= rest= kinds='modem|web|link' i=1

	COMPREPLY=()
	while [ "$i" -lt "$COMP_CWORD" ]; do
		case ${COMP_WORDS[i]} in
		-c)
			conf=$(_glasctl_named "${COMP_WORDS[i+1]-}")
			i=$((i + 1))
			;;
		--sql | --content | --offline-key | --database | --number | --folds)
			i=$((i + 1))
			;;
		-*)
			;;
		*)
			line="$line${COMP_WORDS[i]} "
			;;
		esac
		i=$((i + 1))
	done
	case $prev in
	-c | --sql | --content | --offline-key)
		_glasctl_files "$cur"
		return
		;;
	--database | --number | --folds)
		return
		;;
	esac
	# The first word, or the second, of a command ...
	rest=$(_glasctl_commands | awk -v line="$line" '
		index($0, line) == 1 {
			$0 = substr($0, length(line) + 1)
			if ($1 ~ /^[a-z]/ && !seen[$1]++)
				print $1
		}')
	# ... or what comes behind its name.
	rest="$rest $(_glasctl_commands | awk -v line="$line" '{
		name = ""
		for (i = 1; i <= NF && $i ~ /^[a-z]+$/; i++)
			name = name $i " "
		if (name == "" || index(line, name) != 1)
			next
		for (; i <= NF; i++) {
			gsub(/[][|]/, "", $i)
			if ($i ~ /^--/ || $i == "LINK" || $i == "FILE" ||
			    $i == "DIR" || $i == "OUT.html")
				print $i
		}
	}')"
	[ "$line" != "ussd " ] || kinds='modem|link'
	case " $rest " in
	*[[:space:]]LINK[[:space:]]*)
		rest="${rest//LINK/} $(_glasctl_links "$conf" "$kinds")"
		;;
	esac
	case $line in
	"admin add "*" "*" ")
		rest="$rest $(_glasctl_kinds)"
		;;
	esac
	case $rest in
	*FILE* | *DIR* | *OUT.html*)
		rest=${rest//FILE/}
		rest=${rest//OUT.html/}
		rest=${rest//DIR/}
		if [ "${cur#-}" = "$cur" ]; then
			_glasctl_files "$cur"
		fi
		;;
	esac
	mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(
	    compgen -W "$rest" -- "$cur")
}
complete -F _glasctl glasctl
