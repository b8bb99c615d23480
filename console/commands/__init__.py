"""The subcommands, a file each; `console.main` names them and imports each when it is asked for."""
